"""The tests. A package, since some libraries install tests of their own under this name, which would come first."""
