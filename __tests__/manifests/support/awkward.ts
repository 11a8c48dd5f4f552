/** Text that YAML 1.1 or 1.2 would read as something else than text if it were not quoted. */
export const awkward: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "", " ", "yes", "No", "on", "OFF", "y", "n", "true", "FALSE", "null", "~", "Null",
    "1", "-1", "+1", "1_000", "0x1f", "0o14", "014", "0b11", "1e3", "1.5", ".5", "1.", ".inf", "-.Inf", ".nan", "1:30", "190:20:30",
    "2001-12-14", "2001-12-14t21:59:43.10-05:00", "=", "<<", "- a", "a: b", "a #b", "#b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "[a", "{a", "'a'", '"a"', "?", "---", "...",
    "a\nb", "a\nb\n", "a\n\n", "\ta", "a\t", " a", "a ", "\\", "ä", "\u2028", "a\u0085\nb", "\ufeffa", "\u0007", "x".repeat(200), "very long words ".repeat(20).trim(),
  ].map((text, index) => [`k${index}`, text]),
);
