"""Anomalies planted into the honest world, several of each class, in different schools."""

from qingqu.site.demo.plants import bids, money, people, rules
from qingqu.site.demo.plants.ground import Ground
from qingqu.site.demo.truth import Planted
from qingqu.site.demo.world.parties import World

PLANTS = (*bids.PLANTS, *rules.PLANTS, *money.PLANTS, *people.PLANTS)
"""One function per class, in the order they are planted."""


def plant(world: World) -> list[Planted]:
    """Plant every class into the world's book; returns what was planted."""
    ground = Ground(world)
    for one in PLANTS:
        one(ground)
    return ground.planted
