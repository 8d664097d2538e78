result = x = 1
