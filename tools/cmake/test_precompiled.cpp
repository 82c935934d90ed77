// Nothing of its own: the tests reuse the precompiled header of this unit.
