# taxonomy
# case
# detection
