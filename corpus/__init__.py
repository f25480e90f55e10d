"""Plan documents: loading, structure, passages, facts and the catalog that holds them."""
