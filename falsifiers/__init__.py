"""How claims are attacked: laws that sound runs obey, oracles that know the right answer, planted faults."""
