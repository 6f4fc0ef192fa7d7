#![allow(missing_docs, reason = "the names speak for themselves")]

use super::Key;

pub const BILLING: Key<'_> = Key::mainland("Revenue by billing location|NVIDIA");
pub const HEADQUARTERS: Key<'_> = Key::both("Revenue by customer headquarters|NVIDIA");
pub const NVIDIA_MAINLAND: Key<'_> = Key::mainland("Revenue|Accelerators|NVIDIA");
pub const NVIDIA_OFFSHORE: Key<'_> = Key::offshore("Revenue|Accelerators|NVIDIA");
pub const DOMESTIC: Key<'_> = Key::mainland("Revenue by origin|Chinese vendors");
pub const HUAWEI: Key<'_> = Key::mainland("Revenue|Accelerators|Huawei");
pub const SPENDING: Key<'_> = Key::mainland("Spending");
pub const FOR_USE: Key<'_> = Key::mainland("Spending by purpose|For use");
pub const FOR_STOCK: Key<'_> = Key::mainland("Spending by purpose|For stock");
pub const FROM_STOCK: Key<'_> = Key::mainland("Use from stock");
pub const DEMAND: Key<'_> = Key::mainland("Demand without limits or stocking");
pub const GREY: Key<'_> = Key::mainland("Spending|Grey channel");
pub const GREY_UNITS: Key<'_> = Key::mainland("Sales|Units|Grey channel");
pub const NOT_TAKEN: Key<'_> = Key::mainland("Flow not taken|Grey channel");
pub const SHARE_UNITS: Key<'_> = Key::mainland("Share by origin|Units|Chinese vendors");
pub const SHARE_DOLLARS: Key<'_> = Key::mainland("Share by origin|Dollars|Chinese vendors");
pub const SHARE_COMPUTE: Key<'_> = Key::mainland("Share by origin|Compute|Chinese vendors");
pub const SHARE_TRAINING: Key<'_> =
    Key::mainland("Share by origin|Compute of training grade|Chinese vendors");
pub const COVERAGE: Key<'_> = Key::mainland("Supply over budgets|Chinese vendors");
pub const COMPUTE: Key<'_> = Key::mainland("Compute acquired");
pub const COMPUTE_ALL: Key<'_> = Key::both("Compute acquired");
pub const COMPUTE_DOMESTIC: Key<'_> = Key::mainland("Compute acquired by origin|Chinese vendors");
pub const INSTALLED: Key<'_> = Key::both("Compute installed");
pub const WRITE_DOWN: Key<'_> = Key::mainland("Charge for stock without a license");
pub const LEVIES: Key<'_> = Key::mainland("Levies");
pub const CUT_OFF: Key<'_> = Key::mainland("Expectation|Cut off within a year");
pub const YIELD: Key<'_> = Key::mainland("Yield");
pub const MEMORY: Key<'_> = Key::mainland("Memory bank");
pub const BOUND_DIES: Key<'_> = Key::mainland("Binding|Wafers and yield");
pub const BOUND_MEMORY: Key<'_> = Key::mainland("Binding|Memory");
pub const BOUND_PACKAGING: Key<'_> = Key::mainland("Binding|Packaging");
pub const BOUND_ABROAD: Key<'_> = Key::both("Binding abroad|Packaging");
