"""Files in: registers, measures, published lists, budgets, each row knowing its place."""
