globalThis.loaded = "Porta";
