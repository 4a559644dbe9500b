// How full the server's disk is: one of the page's three banners, or none.

/** Show the banner of this level, 0 for none. */
export function showDisk(level) {
  for (const banner of document.querySelectorAll("[data-disk]")) {
    banner.hidden = Number(banner.dataset.disk) !== level;
  }
}
