"""`python -m pv`, for machines where `pv` is Pipe Viewer."""

from pv.cli import main

if __name__ == "__main__":
    main()
