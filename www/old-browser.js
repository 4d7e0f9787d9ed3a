// Shows the page's message to browsers that are too old to read its modules. They run this file, so it is a classic script
// with the syntax of ECMAScript 5.

(function () {
  'use strict';
  // A browser that knows this function of CSS reads the modules. Their element hides the message, and shows its own if needed.
  var readsModules = window.CSS && CSS.supports && CSS.supports('color', 'light-dark(#000, #fff)');
  if (!readsModules) document.getElementById('old-browser').removeAttribute('hidden');
}());
