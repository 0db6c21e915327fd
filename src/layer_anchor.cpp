// Gives every layer's library at least one object file.
