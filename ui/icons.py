"""The icons of the product: one thing, one picture."""

STEP_ICONS = {
    "prepare": ":material/checklist:",
    "prices": ":material/sell:",
    "stock": ":material/inventory_2:",
    "sales": ":material/donut_small:",
    "accounts": ":material/account_balance_wallet:",
    "service": ":material/support_agent:",
    "market": ":material/storefront:",
    "order": ":material/shopping_cart:",
    "talk": ":material/forum:",
    "wrap_up": ":material/flag:",
    "submit": ":material/send:",
}

STATE_ICONS = {
    "done": ":green[:material/check_circle:]",
    "begun": ":orange[:material/clock_loader_60:]",
    "open": ":gray[:material/circle:]",
    "skipped": ":gray[:material/do_not_disturb_on:]",
}

ALARM_ICONS = {
    "out_of_stock": ":material/remove_shopping_cart:",
    "over_credit": ":material/credit_card_off:",
    "over_base_stock": ":material/credit_card_off:",
    "below_market": ":material/trending_down:",
    "above_market": ":material/trending_up:",
    "below_cost": ":material/error:",
    "promise_due": ":material/event:",
    "near_expiry": ":material/hourglass_bottom:",
    "complaint_open": ":material/error:",
    "visit_overdue": ":material/event_busy:",
    "first_visit": ":material/fiber_new:",
}

SAVED = ":material/cloud_done:"
WAITING = ":material/cloud_upload:"
NO_CONNECTION = ":material/cloud_off:"
PROMISE = ":material/handshake:"
DUE = ":material/event:"
RETURNED = ":material/undo:"
DETAILS = ":material/chevron_right:"
BACK = ":material/arrow_back:"
NEXT = ":material/arrow_forward:"
ADD = ":material/add:"
MORE = ":material/more_horiz:"
EDIT = ":material/edit:"
DELETE = ":material/delete:"
RESULT_ICONS = {
    "reached": ":green[:material/check:]",
    "partly": ":orange[:material/clock_loader_60:]",
    "missed": ":red[:material/close:]",
}
