"""What sort of place a jurisdiction is, by the generic part of its name (通名).

Rules: the generic part says truly what the place is (地名管理条例); a name that ends otherwise is
of none of these sorts.
"""

from __future__ import annotations

from schemas.vocabulary import Level

# The levels whose bodies change here; a province only stands above.
UNIT_LEVELS: tuple[Level, ...] = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)

# 县、自治县、乡、民族乡, and their like in Inner Mongolia: five per cent more (选举法 art. 12).
DISPERSED = ("县", "旗", "乡", "苏木")
# 自治州、自治县: the head is of the nationality that exercises autonomy (民族区域自治法 art. 17).
AUTONOMOUS = ("自治州", "自治县", "自治旗")
# 民族乡: the head is of a nationality that founded it (地方组织法 art. 70).
ETHNIC_TOWNSHIP = ("族乡", "民族苏木")
TOWN = "镇"
