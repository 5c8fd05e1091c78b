@echo off
rem "make run" and "make test" for Windows (in PowerShell: ".\make run"); what follows is passed on:
rem     make run --out results
rem     make test -k rounding
setlocal EnableExtensions DisableDelayedExpansion
cd /d "%~dp0" || exit /b 1

rem Everything after the first word. Not by SHIFT, which would cut "--total residents=1" at the "=".
set ALL=%*
if not defined ALL goto usage
set "TARGET="
set "ARGS="
setlocal EnableDelayedExpansion
for /f "tokens=1,*" %%a in ("!ALL!") do endlocal & set "TARGET=%%a" & set "ARGS=%%b"

if /i "%TARGET%"=="run" set "LOCK=requirements.lock" & goto python
if /i "%TARGET%"=="test" set "LOCK=requirements-dev.lock" & goto python

:usage
echo make run  [options of "allocator run"]    compute the newest plan into out\ 1>&2
echo make test [options of pytest]             run the tests 1>&2
exit /b 2

:python
set "VENV_PYTHON=.venv\Scripts\python.exe"
set "PIP_DISABLE_PIP_VERSION_CHECK=1"
if exist "%VENV_PYTHON%" goto compare
set "PYTHON=py -3"
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && goto create
set "PYTHON=python"
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && goto create
echo allocator needs Python 3.11 or newer. Install it and call make again. 1>&2
exit /b 1

:create
%PYTHON% -m venv .venv || exit /b 1

rem Install again only where the lock or pyproject.toml is not the one installed last.
:compare
fc /b "%LOCK%" ".venv\%TARGET%.lock" >nul 2>&1 || goto install
fc /b pyproject.toml ".venv\%TARGET%.toml" >nul 2>&1 || goto install
goto %TARGET%

:install
echo Installing %LOCK% into .venv ... 1>&2
"%VENV_PYTHON%" -m pip install --quiet --no-compile --require-hashes -r "%LOCK%" || exit /b 1
"%VENV_PYTHON%" -m pip install --quiet --no-deps --no-build-isolation -e . || exit /b 1
copy /y /b "%LOCK%" ".venv\%TARGET%.lock" >nul || exit /b 1
copy /y /b pyproject.toml ".venv\%TARGET%.toml" >nul || exit /b 1
goto %TARGET%

:run
.venv\Scripts\allocator.exe run %ARGS%
exit /b %ERRORLEVEL%

:test
"%VENV_PYTHON%" -m pytest -q --ignore=tests/benchmarks %ARGS%
exit /b %ERRORLEVEL%
