"""The words of the elements in Chinese, for looking at them in both languages."""

CHINESE = {
    "Saved {time}": "已保存 {time}",
    "{n} waiting, kept on this tablet": "{n} 项待发送，已存在本机",
    "No connection": "没有连接",
    "No connection, {n} waiting on this tablet": "没有连接，{n} 项已存在本机",
    "Signed out: sign in again, {n} waiting on this tablet": "已退出登录：请重新登录，{n} 项已存在本机",
    "{n} not accepted": "{n} 项未被接受",
    "This browser keeps nothing: stay on this page until all is saved ({n} waiting)": (
        "此浏览器无法存储：全部保存前请勿离开本页（{n} 项待发送）"
    ),
    "This tablet's storage is full: stay on this page until all is saved ({n} waiting)": (
        "本机存储已满：全部保存前请勿离开本页（{n} 项待发送）"
    ),
    "{value} was not accepted: {reason}": "{value} 未被接受：{reason}",
    "Discard": "放弃",
    "{field}: two values were entered. Which one counts?": "{field}：录入了两个值，以哪个为准？",
    "{value} ({by})": "{value}（{by}）",
    "check": "核对",
    "not counted": "未点",
    "skipped": "跳过",
    "Really?": "对吗？",
    "{percent} below the market": "低于市场 {percent}",
    "{percent} above the market": "高于市场 {percent}",
    "Next": "下一个",
    "Previous": "上一个",
    "None = 0": "没有货 = 0",
    "Same as last": "与上次相同",
    "Skip today": "今天不点",
    "Delete the last digit": "删除最后一位",
    "Decimal point": "小数点",
    "Number keys": "数字键",
    "{done} of {all} entered": "已录 {done} / {all}",
    "That was the last one.": "已是最后一个。",
    "At most {maximum}": "最多 {maximum}",
    "“{text}” is no number for this field.": "“{text}”不是此处可用的数字。",
    "Month and year as four digits, such as 0326": "月和年共四位数字，如 0326",
    "Another date": "其他日期",
    "MMYY": "月月年年",
    "No product has this name.": "没有这个名称的商品。",
    "Keys left": "左手",
    "Keys right": "右手",
    "Photo": "照片",
    "Signature": "签名",
    "Close": "关闭",
    (
        "{n} of your entries are not on the server yet. They stay on this tablet and are sent when you sign in"
        " here again; nobody else sees them."
    ): "您有 {n} 项录入还没有到服务器。它们留在本机，您再次在此登录后会发送；别人看不到。",
    "Stay and wait": "留下等待",
    "Sign out anyway": "仍然退出",
    "sent": "已发送",
    "on this tablet": "在本机",
    "{name} is no picture that this browser can read.": "{name} 不是浏览器能读取的图片。",
    "Clear": "清除",
    "Sign": "签名确认",
}


def in_chinese(texts: dict[str, str]) -> dict[str, str]:
    return {name: CHINESE[text] for name, text in texts.items()}
