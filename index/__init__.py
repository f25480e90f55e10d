"""Search indexes over the catalog: embedding, dense and lexical indexes, generations, search."""
