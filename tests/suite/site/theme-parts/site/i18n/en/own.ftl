sources = Our sources
