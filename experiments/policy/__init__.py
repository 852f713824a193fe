"""The command `policy`: the best paths of chosen instruments for a stated objective."""
