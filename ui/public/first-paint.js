// Runs before the first paint, so that a stored theme or language does not flash, and asks for what the first screen
// shows while its script is still on the way; a file of its own because the page's security policy refuses inline
// scripts.
(function () {
  var root = document.documentElement;
  var fresh = true;
  try {
    var theme = localStorage.getItem("stillroom.theme");
    if (theme === '"light"' || theme === '"dark"') root.dataset.theme = JSON.parse(theme);
    var locale = localStorage.getItem("stillroom.locale");
    var wanted = locale ? JSON.parse(locale) : navigator.language;
    root.lang = /^zh/i.test(wanted) ? "zh-CN" : "en";
    fresh = !Number(localStorage.getItem("stillroom.library-count"));
  } catch {
    root.lang = /^zh/i.test(navigator.language) ? "zh-CN" : "en";
  }

  var path = location.pathname;
  var early = {};
  function ask(address) {
    early[address] = fetch(address, {
      credentials: "same-origin",
      headers: { "Accept-Language": root.lang },
    });
    early[address].catch(function () {});
  }
  ask("/config");
  if (path === "/") ask("/session?limit=40");
  if (/^\/studio\/ses_\w+$/.test(path)) ask(path.replace("/studio", "/session"));
  window.early = early;

  // Whoever has products does not see it.
  if (path === "/" && fresh) {
    ["before", "after"].forEach(function (half) {
      new Image().src = "/samples/hero-" + half + ".webp";
    });
  }
})();
