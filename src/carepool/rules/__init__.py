"""Policy as data: sets of rules, each a folder of cited, dated YAML, looked up at the date of the thing ruled on."""
