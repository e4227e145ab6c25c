"""`python -m aprtrain`; a worker process, which imports this module again, needs no command."""

if __name__ == "__main__":
    from aprtrain.cli import main

    main()
