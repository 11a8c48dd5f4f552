/** The look of /docs: our name, icon and colours in place of the documentation tool's own. */

/** As the page's icon (page/src/icon.svg). */
const ORBIT =
  '<ellipse cx="16" cy="16" rx="13.5" ry="7.5" transform="rotate(-28 16 16)" fill="none" stroke="#7ea6ff" stroke-width="2"/>' +
  '<circle cx="16" cy="16" r="4.5" fill="#f5bd4f"/><circle cx="26.6" cy="7.6" r="2.6" fill="#7ea6ff"/>';

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${ORBIT}</svg>`;

/** The icon with the name, for a dark bar. An image has no style sheet, so the font is named here. */
export const LOGO =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 110 32" width="138" height="40"><title>Porta</title>${ORBIT}` +
  '<text x="40" y="23" fill="#e8edf6" font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif" font-size="20" font-weight="650">Porta</text></svg>';

/** The bar's field for the address of another description is hidden: the content security policy lets none be loaded. */
const CSS = `
.swagger-ui .topbar { background: #0b1020; padding: 10px 0; }
.swagger-ui .topbar .download-url-wrapper { display: none; }
`;

/** The tool's link around the logo has no address. */
const SCRIPT = `
new MutationObserver((_, observer) => {
  const link = document.querySelector("#swagger-ui .topbar-wrapper > a.link");
  if (!link) return;
  link.href = "/";
  link.setAttribute("aria-label", "Porta: start page");
  observer.disconnect();
}).observe(document.getElementById("swagger-ui"), { childList: true, subtree: true });
`;

export const THEME = {
  title: "Porta: API",
  favicon: [{ filename: "icon.svg", rel: "icon", type: "image/svg+xml", sizes: "any", content: ICON }],
  css: [{ filename: "porta.css", content: CSS }],
  js: [{ filename: "porta.js", content: SCRIPT }],
};
