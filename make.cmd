@echo off
rem "make run" and "make test" for Windows (in PowerShell: ".\make run"); what follows is passed on:
rem     make run --out results
rem     make test -k rounding
setlocal EnableExtensions DisableDelayedExpansion
cd /d "%~dp0"

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
if defined LOCK goto environment

:usage
echo make run  [options of "allocator run"]   compute the newest plan into out\ 1>&2
echo make test [options of pytest]            run the tests 1>&2
exit /b 2

:environment
set "PIP_DISABLE_PIP_VERSION_CHECK=1"
set "VENV_PYTHON=.venv\Scripts\python.exe"
if exist "%VENV_PYTHON%" goto compare
set "PYTHON=py -3"
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
if not errorlevel 1 goto create
set "PYTHON=python"
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
if not errorlevel 1 goto create
echo allocator needs Python 3.11 or newer. Install it and call make again. 1>&2
exit /b 1

:create
%PYTHON% -m venv .venv
if errorlevel 1 exit /b 1

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
if errorlevel 1 exit /b 1
"%VENV_PYTHON%" -m pip install --quiet --no-deps --no-build-isolation -e .
if errorlevel 1 exit /b 1
copy /y /b "%LOCK%" ".venv\%TARGET%.lock" >nul
copy /y /b pyproject.toml ".venv\%TARGET%.toml" >nul
goto %TARGET%

:run
.venv\Scripts\allocator.exe run %ARGS%
exit /b %ERRORLEVEL%

:test
"%VENV_PYTHON%" -m pytest -q --ignore=tests/benchmarks %ARGS%
exit /b %ERRORLEVEL%
