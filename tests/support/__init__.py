"""What tests share: facts to check, homes to run in, and the tree itself."""
