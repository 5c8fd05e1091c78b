@echo off
rem "make run", "make test" and "make coverage" for Windows (in PowerShell: ".\make run"); what follows is passed on:
rem     make run --out results
rem     make test -k rounding
rem     make coverage
setlocal EnableExtensions DisableDelayedExpansion
rem A folder on a server (\\server\folder) gets a letter for as long as this runs.
pushd "%~dp0" || exit /b 1

rem ARGS: everything after the first word; SHIFT would cut "--total residents=1" at the "=".
set "TARGET=%~1"
set "ARGS="
if "%~2"=="" goto target
set ARGS=%*
set ARGS=%ARGS:* =%

:target
set "LOCK="
if /i "%TARGET%"=="run" set "LOCK=requirements.lock"
if /i "%TARGET%"=="test" set "LOCK=requirements-dev.lock"
if /i "%TARGET%"=="coverage" set "LOCK=requirements-dev.lock"
if defined LOCK goto environment

:usage
echo make run  [options of "allocator run"]   compute the newest plan into out\ 1>&2
echo make test [options of pytest]            run the tests 1>&2
echo make coverage [options of pytest]        every branch of the engine and the plans is tested 1>&2
set "CODE=2"
goto leave

:environment
set "PIP_DISABLE_PIP_VERSION_CHECK=1"
set "VENV_PYTHON=.venv\Scripts\python.exe"
set "CODE=1"

rem A copied or moved checkout has an environment that goes on running the old folder: it is made anew.
set "HERE=%~dp0 %CD%"
if not exist "%VENV_PYTHON%" goto find
>.venv\here.txt echo "%HERE%"
fc /b .venv\here.txt .venv\made_in.txt >nul 2>&1
if not errorlevel 1 goto compare

:find
set "PYTHON=py -3"
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
if not errorlevel 1 goto create
set "PYTHON=python"
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
if not errorlevel 1 goto create
echo allocator needs Python 3.11 or newer. Install it and call make again. 1>&2
goto leave

:create
%PYTHON% -m venv --clear .venv
if errorlevel 1 goto leave
>.venv\made_in.txt echo "%HERE%"

rem Install again only where the lock or pyproject.toml is not the one installed last.
:compare
fc /b "%LOCK%" ".venv\%TARGET%.lock" >nul 2>&1
if errorlevel 1 goto install
fc /b pyproject.toml ".venv\%TARGET%.toml" >nul 2>&1
if errorlevel 1 goto install
goto %TARGET%

:install
echo Installing %LOCK% into .venv ... 1>&2
"%VENV_PYTHON%" -m pip install --quiet --no-compile --require-hashes -r "%LOCK%"
if errorlevel 1 goto leave
"%VENV_PYTHON%" -m pip install --quiet --no-deps --no-build-isolation -e .
if errorlevel 1 goto leave
copy /y /b "%LOCK%" ".venv\%TARGET%.lock" >nul
copy /y /b pyproject.toml ".venv\%TARGET%.toml" >nul
goto %TARGET%

:run
.venv\Scripts\allocator.exe run %ARGS%
set "CODE=%ERRORLEVEL%"
goto leave

:test
"%VENV_PYTHON%" -m pytest -q --ignore=tests/benchmarks %ARGS%
set "CODE=%ERRORLEVEL%"
goto leave

:coverage
"%VENV_PYTHON%" -m coverage run -m pytest -q tests/engine tests/plans %ARGS%
set "CODE=%ERRORLEVEL%"
if not "%CODE%"=="0" goto leave
"%VENV_PYTHON%" -m coverage report
set "CODE=%ERRORLEVEL%"

:leave
popd
exit /b %CODE%
