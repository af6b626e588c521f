// Runs before the first paint, so that a stored theme or language does not flash; a file of its own because the
// page's security policy refuses inline scripts.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem("stillroom.theme");
    if (theme === '"light"' || theme === '"dark"') root.dataset.theme = JSON.parse(theme);
    var locale = localStorage.getItem("stillroom.locale");
    var wanted = locale ? JSON.parse(locale) : navigator.language;
    root.lang = /^zh/i.test(wanted) ? "zh-CN" : "en";
  } catch {
    root.lang = /^zh/i.test(navigator.language) ? "zh-CN" : "en";
  }
})();
