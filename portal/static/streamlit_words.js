// Translates the English texts of Streamlit's widgets into the page's language.
// Those that know more languages take it from navigator.language (portal/shell.py); for these there is no other way.
const WORDS = {
  "zh-CN": {
    "Skip to main content": "跳到主要内容",
    "Navigate to home page": "回到首页",
    "Logo": "标志",
    "Expand sidebar": "菜单",
    "Collapse sidebar": "关闭菜单",
    "Sidebar": "菜单",
    "App pages": "网站页面",
    "Main menu": "主菜单",
    "Link to heading": "本节链接",
    "Clear value": "清除",
    "Clear all": "全部清除",
    "Clear date": "清除日期",
    "Clear dates": "清除日期",
    "Open": "展开",
    "Close": "关闭",
    "Increment value": "增加",
    "Decrement value": "减少",
    "Show password text": "显示密码",
    "Hide password text": "隐藏密码",
    "Choose date": "选择日期",
    "Choose date range": "选择日期范围",
    "Date range": "日期范围",
    "Start date": "开始日期",
    "End date": "结束日期",
    "Previous month": "上个月",
    "Next month": "下个月",
    "Empty": "未填",
    "Error": "错误",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "用方向键移动，回车键选定，Esc 键关闭。",
    "Selected values": "已选",
    "Select all": "全选",
    "No results": "没有匹配项",
    "file upload": "上传文件",
    "Upload": "选择文件",
    "Add files": "添加文件",
    "Sort ascending": "升序",
    "Sort descending": "降序",
    "Autosize": "自动列宽",
    "Pin column": "固定此列",
    "Unpin column": "取消固定",
    "Hide column": "隐藏此列",
    "Show/hide columns": "显示或隐藏列",
    "Copy column name": "复制列名",
    "Statistics": "统计",
    "Download as CSV": "下载 CSV",
    "Search": "查找",
    "Fullscreen": "全屏",
    "Close fullscreen": "退出全屏",
    "YYYY-MM-DD": "年-月-日",
    "yyyy-mm-dd": "年-月-日",
    "yyyy": "年",
    "mm": "月",
    "dd": "日",
  },
  en: { "Expand sidebar": "Menu", "Collapse sidebar": "Close the menu", "Upload": "Choose a file" },
}[document.documentElement.lang] || {};
// Texts with a part that differs.
const PATTERNS = {
  "zh-CN": [
    [/^Remove (.+)$/, "移除：$1"],
    [/^Add: (.+)$/, "添加：$1"],
    [/^Upload (.+)$/, "上传：$1"],
    [/^Choose date, (.+)$/, "选择日期，$1"],
    [/^year, (.*)$/, "年，$1"],
    [/^month, (.*)$/, "月，$1"],
    [/^day, (.*)$/, "日，$1"],
    [/^0?(\d+) – [A-Z][a-z]+$/, "$1月"],
    [/^: Date set outside allowed range\. Please select a date between (\S+) and (\S+)\.$/, "：日期须在 $1 至 $2 之间。"],
    [/^: Date set outside allowed range\. Please select a date on or before (\S+)\.$/, "：日期不能晚于 $1。"],
    [/^: Date set outside allowed range\. Please select a date on or after (\S+)\.$/, "：日期不能早于 $1。"],
    [/^(\d+)([KMG]B) per file$/, "每个文件不超过 $1 $2"],
    [/^Error: File must be (\d+)(?:\.0)?([KMG]B) or smaller\.$/, "错误：文件不能超过 $1 $2。"],
    [/^Error: .* files are not allowed\.$/, "错误：不接受这种格式的文件。"],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/, "最多选 $1 项，请先移除一项。"],
    [/^Select (\d+) matches$/, "选择这 $1 项"],
    [/^(\d+) options? available\.$/, "有 $1 个选项。"],
  ],
  en: [[/^(\d+)([KMG]B) per file$/, "At most $1 $2 per file"]],
}[document.documentElement.lang] || [];
const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
// Where texts, not attributes, are Streamlit's own. Names of files are the visitor's.
const TEXTS = [
  "[data-testid=stDataFrameColumnMenu]", "[data-testid=stTooltipContent]", "[data-testid=stTooltipErrorContent]",
  "[data-testid=stFileUploaderDropzone]", "[data-testid=stDateInputField]", "[data-testid=stDateInputCalendar]",
  "[data-testid=stMultiSelectDropdown]", "[data-testid=stSelectboxDropdown]", "[role=listbox][data-empty=true]",
  "[data-live-announcer]", "[data-testid=stSkipToContent]",
].join();
const NOT_TEXTS = "[data-testid=stFileChipName], svg, [data-testid=stIconMaterial]";

const said = (text) => {
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  const [pattern, replacement] = PATTERNS.find(([one]) => one.test(text)) || [];
  return pattern ? text.replace(pattern, replacement) : text;
};
const sayIn = (element) => {
  for (const name of ATTRIBUTES) {
    const before = element.getAttribute(name);
    if (before && said(before) !== before) element.setAttribute(name, said(before));
  }
};
const sayText = (text) => {
  const before = text.data.trim();
  if (!before || said(before) === before || text.parentElement?.closest(NOT_TEXTS)) return;
  text.data = said(before);
};
const sayUnder = (node) => {
  if (node instanceof Text && node.parentElement?.closest(TEXTS)) return sayText(node);
  if (!(node instanceof Element)) return;
  sayIn(node);
  node.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join()).forEach(sayIn);
  for (const part of node.closest(TEXTS) ? [node] : node.querySelectorAll(TEXTS)) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) sayText(texts.currentNode);
  }
};
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") sayIn(change.target);
    else if (change.type === "characterData") sayUnder(change.target);
    else change.addedNodes.forEach(sayUnder);
  }
}).observe(document.documentElement, {
  childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
});
