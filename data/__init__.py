"""Storage: engine, tables, access rules, and one module a topic with its queries and commands."""
