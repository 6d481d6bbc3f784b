// Starts the app. In a file of its own, because the page's policy allows no script inside the page.
// Trunk writes the names of the two files into this script's own element (Trunk.toml, pattern_script).
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const { default: init } = await import(new URL(js, document.baseURI));
await init({ module_or_path: new URL(wasm, document.baseURI) });
