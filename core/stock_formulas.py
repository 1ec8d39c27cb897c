"""The formulas of stock against sales; each takes numbers or arrays and returns their shape."""

import numpy as np

from core.arguments import Numbers, Result, argument, divide

SLACK = 1e-12


def stock_to_sales_ratio(stock: Numbers, sales: Numbers) -> Result:
    """Sets the stock at the end of a period against the sales of that period.

    Formula:
        stock / sales

    Args:
        stock: Closing stock, in value at one price basis (currency units) or in base units.
        sales: Sell-out of the same period, in the same unit.

    Returns:
        Ratio (periods that the stock lasts at this pace); 0/0 is NaN, x/0 infinite, missing NaN.

    Raises:
        InvalidInput: not numbers or infinite.

    Source:
        Levy, M. and Weitz, B. A. (2012), Retailing Management, 8th ed., McGraw-Hill.

    Example:
        >>> float(stock_to_sales_ratio(300.0, 200.0))
        1.5
    """
    return divide(argument("stock", stock), argument("sales", sales))


def sales_rate(sales: Numbers, days: Numbers, stockout_days: Numbers = 0) -> Result:
    """Tells what sells per day while there is something to sell.

    Formula:
        sales / (days - stockout_days); out of stock the whole period: sales / days

    Args:
        sales: Sales of the period, base units.
        days: Length of the period, days, 0 or more.
        stockout_days: Days of it without stock, 0 or more.

    Returns:
        Base units a day in stock; 0/0 is NaN, x/0 infinite, missing NaN.

    Raises:
        InvalidInput: not numbers, infinite, or negative days.

    Source:
        Own definition, docs/formulas.md: what cannot be sold for want of stock says nothing of demand.

    Example:
        >>> float(sales_rate(60.0, 30, 10))
        3.0
    """
    sold, length = argument("sales", sales), argument("days", days, minimum=0)
    without = argument("stockout_days", stockout_days, minimum=0)
    in_stock = np.where(without >= length, length, length - without)
    return divide(sold, in_stock)


def days_of_supply(on_hand: Numbers, sales: Numbers, days: Numbers) -> Result:
    """Tells how many days the stock lasts at the pace of the period.

    Formula:
        on_hand / (sales / days)

    Args:
        on_hand: Stock, base units (negative stays negative: a count to check).
        sales: Sales of the period, base units.
        days: Length of the period, days, 0 or more.

    Returns:
        Days. Nothing on hand is 0, also without sales; otherwise NaN when there were no sales (0 or less), no
        period (0 days), or a value is missing.

    Raises:
        InvalidInput: not numbers, infinite, or negative days.

    Source:
        Levy, M. and Weitz, B. A. (2012), Retailing Management, 8th ed., McGraw-Hill (weeks of supply).

    Example:
        >>> days_of_supply([10.0, 0.0, 5.0], [30.0, 0.0, 0.0], 30).tolist()
        [10.0, 0.0, nan]
    """
    stock, sold = argument("on_hand", on_hand), argument("sales", sales)
    length = argument("days", days, minimum=0)
    rate = np.where((sold > 0) & (length > 0), divide(sold, length), np.nan)
    result: Result = np.where(stock == 0, 0.0, divide(stock, rate))[()]
    return result


def periods_of_supply(on_hand: Numbers, demand: Numbers) -> Result:
    """Tells for how many coming periods the stock lasts, against the demand expected in each.

    Formula:
        the first point, with the fraction of its period, at which cumulated demand reaches the stock

    Args:
        on_hand: Stock, base units; a number, or one an item.
        demand: Demand of the coming periods, base units; a row of periods, or rows = items.

    Returns:
        Periods, one an item. Nothing on hand (0 or less) is 0; NaN when the stock outlasts the series or a
        period before that point is missing.

    Raises:
        InvalidInput: not numbers or infinite.

    Source:
        Forward cover as in Levy, M. and Weitz, B. A. (2012), Retailing Management, 8th ed., McGraw-Hill;
        worked cases in docs/formulas.md.

    Example:
        >>> float(periods_of_supply(10, [2, 3, 4, 2])), float(periods_of_supply(5, [2, 2, 4]))
        (3.5, 2.25)
    """
    stock, coming = argument("on_hand", on_hand), np.atleast_1d(argument("demand", demand))
    length = coming.shape[-1]
    cumulated = np.cumsum(coming, axis=-1)
    # Sums of decimals miss the stock by a rounding error: 8 x 0.1 does reach 0.8.
    reached = cumulated >= (stock * (1 - SLACK))[..., np.newaxis]
    period = np.argmax(reached, axis=-1) if length else np.zeros(reached.shape[:-1], dtype=np.int64)
    start = np.concatenate([np.zeros((*coming.shape[:-1], 1)), cumulated], axis=-1)
    padded = np.concatenate([coming, np.full((*coming.shape[:-1], 1), np.nan)], axis=-1)
    before = _pick(start, period)
    fraction = np.minimum(divide(stock - before, _pick(padded, period)), 1.0)
    outlasts = ~reached.any(axis=-1) | np.isnan(stock)
    result: Result = np.where(stock <= 0, 0.0, np.where(outlasts, np.nan, period + fraction))[()]
    return result


def _pick(rows: np.ndarray, column: np.ndarray) -> np.ndarray:
    """The value of each row at its column."""
    rows = np.broadcast_to(rows, (*np.shape(column), rows.shape[-1]))
    picked: np.ndarray = np.take_along_axis(rows, np.asarray(column)[..., np.newaxis], axis=-1)[..., 0]
    return picked


def turnover(cost_of_sales: Numbers, average_stock: Numbers) -> Result:
    """Tells how often the stock is sold and replaced in the period.

    Formula:
        cost_of_sales / average_stock

    Args:
        cost_of_sales: Cost of the goods sold in the period, currency units.
        average_stock: Average stock of the period at cost, currency units.

    Returns:
        Turns a period; 0/0 is NaN, x/0 infinite, missing NaN.

    Raises:
        InvalidInput: not numbers or infinite.

    Source:
        Levy, M. and Weitz, B. A. (2012), Retailing Management, 8th ed., McGraw-Hill.

    Example:
        >>> float(turnover(600_000.0, 150_000.0))
        4.0
    """
    return divide(argument("cost_of_sales", cost_of_sales), argument("average_stock", average_stock))


def gmroi(gross_margin: Numbers, average_stock_cost: Numbers) -> Result:
    """Tells what gross margin each unit of money in stock earns (gross margin return on investment).

    Formula:
        gross_margin / average_stock_cost

    Args:
        gross_margin: Gross margin of the period, currency units.
        average_stock_cost: Average stock of the period at cost, currency units.

    Returns:
        Currency units of margin a currency unit of stock; 0/0 is NaN, x/0 infinite, missing NaN.

    Raises:
        InvalidInput: not numbers or infinite.

    Source:
        Sweeney, D. J. (1973), Improving the Profitability of Retail Merchandising Decisions, Journal of
        Marketing 37(1), 60-68; Levy and Weitz (2012).

    Example:
        >>> float(gmroi(270_000.0, 150_000.0))
        1.8
    """
    return divide(argument("gross_margin", gross_margin), argument("average_stock_cost", average_stock_cost))


def derived_sales(opening: Numbers, receipts: Numbers, returns: Numbers, closing: Numbers) -> Result:
    """Tells what must have been sold between two counts (sell-out).

    Formula:
        opening + receipts - returns - closing

    Args:
        opening: Stock at the earlier count, base units.
        receipts: Received since, base units.
        returns: Sent back to us since, base units.
        closing: Stock at the later count, base units.

    Returns:
        Base units; negative is a count to check; missing is NaN.

    Raises:
        InvalidInput: not numbers or infinite.

    Source:
        Stock balance; own definition, docs/formulas.md.

    Example:
        >>> float(derived_sales(100, 50, 10, 60))
        80.0
    """
    result: Result = (
        argument("opening", opening)
        + argument("receipts", receipts)
        - argument("returns", returns)
        - argument("closing", closing)
    )
    return result
