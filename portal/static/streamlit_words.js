// Translates the English texts of Streamlit's widgets into the page's language; labels its menu on a
// phone, and closes it when a page was chosen.
const WORDS = {
  "zh-CN": {
    "Skip to main content": "跳到主要内容",
    "Expand sidebar": "菜单",
    "Collapse sidebar": "关闭菜单",
    "Sidebar": "菜单",
    "App pages": "网站页面",
    "Main menu": "主菜单",
    "Clear value": "清除",
    "Clear all": "全部清除",
    "Open": "展开",
    "Close": "关闭",
    "Choose date": "选择日期",
    "Previous month": "上个月",
    "Next month": "下个月",
    "Selected values": "已选",
    "file upload": "上传文件",
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
  },
  en: { "Expand sidebar": "Menu", "Collapse sidebar": "Close the menu" },
}[document.documentElement.lang] || {};
// Prefixes of a variable name, such as “Remove Calibration”.
const BEGINNINGS = document.documentElement.lang === "zh-CN" ? { "Remove ": "移除：", "Upload ": "上传：" } : {};
const ATTRIBUTES = ["aria-label", "title", "placeholder"];

const said = (text) => {
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  const start = Object.keys(BEGINNINGS).find((one) => text.startsWith(one));
  return start ? BEGINNINGS[start] + text.slice(start.length) : text;
};
const sayIn = (element) => {
  for (const name of ATTRIBUTES) {
    const before = element.getAttribute(name);
    if (before && said(before) !== before) element.setAttribute(name, said(before));
  }
  if (element.dataset.testid === "stSkipToContent" && said(element.textContent) !== element.textContent) {
    element.firstChild.nodeValue = said(element.textContent);
  }
};
// The menu of a column of a grid, and the hints over its tools, are texts and not attributes.
const IN_GRIDS = "[data-testid=stDataFrameColumnMenu], [data-testid=stTooltipContent]";
const sayTexts = (node) => {
  const within = node.closest(IN_GRIDS) ? [node] : node.querySelectorAll(IN_GRIDS);
  for (const part of within) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      if (Object.hasOwn(WORDS, text.data.trim())) text.data = WORDS[text.data.trim()];
    }
  }
};
const sayUnder = (node) => {
  if (!(node instanceof Element)) return;
  sayIn(node);
  sayTexts(node);
  node.querySelectorAll("[aria-label], [title], [placeholder], [data-testid=stSkipToContent]").forEach(sayIn);
};
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") sayIn(change.target);
    else change.addedNodes.forEach(sayUnder);
  }
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ATTRIBUTES });

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-testid=stSidebarNavLink]") || window.innerWidth > 768) return;
  // After the page's own reaction to the click.
  setTimeout(() => document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click());
});
