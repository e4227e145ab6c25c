"""`python -m aprtrain`."""

from aprtrain.cli import main

if __name__ == "__main__":
    main()
