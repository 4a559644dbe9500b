/** Sites that give answers: assistants, translators, encyclopedias, search, homework, messages. The policy may add others. */

export const SITES = [
  "chatgpt.com", "openai.com", "claude.ai", "anthropic.com", "gemini.google.com", "copilot.microsoft.com", "perplexity.ai",
  "mistral.ai", "deepseek.com", "poe.com", "you.com", "character.ai", "grok.com", "huggingface.co", "meta.ai",
  "google.com", "google.fr", "bing.com", "duckduckgo.com", "qwant.com", "ecosia.org", "yahoo.com", "startpage.com",
  "wikipedia.org", "wikihow.com", "wiktionary.org", "quora.com", "reddit.com", "stackoverflow.com", "stackexchange.com",
  "brainly.com", "nosdevoirs.fr", "commentcamarche.net", "openclassrooms.com", "chegg.com", "coursehero.com", "studocu.com",
  "deepl.com", "translate.google.com", "reverso.net", "linguee.fr",
  "discord.com", "whatsapp.com", "telegram.org", "messenger.com", "instagram.com", "snapchat.com", "tiktok.com", "youtube.com",
  "pastebin.com", "docs.google.com", "drive.google.com", "notion.so", "pix.fr", "pix.org",
];
