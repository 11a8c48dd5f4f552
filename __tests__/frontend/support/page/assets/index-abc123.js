document.title = "Porta";
