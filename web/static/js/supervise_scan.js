// Reads a machine's square with this phone's camera, where the browser can; elsewhere the code is typed.

const EVERY_MS = 200;

/** Offer the camera beside the field, when there is one and the browser reads squares. */
export function offerScan(said) {
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return;
  const video = document.getElementById("scan-video");
  const state = document.getElementById("scan-state");
  const field = document.getElementById("machine");
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
  document.getElementById("scan").hidden = false;

  function stop() {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    video.hidden = true;
  }

  async function look() {
    if (!video.srcObject) return;
    const found = await detector.detect(video).catch(() => []);
    const code = found.map((one) => one.rawValue.split("#").pop().trim()).find((text) => /^[A-Z0-9]{8}$/.test(text));
    if (!code) return void setTimeout(look, EVERY_MS);
    field.value = code;
    stop();
    state.textContent = said("scanned", { code });
    field.form.querySelector("[name=reason]").focus();
  }

  document.getElementById("scan-go").addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      await video.play();
      state.textContent = said("scanning");
      look();
    } catch {
      stop();
      state.textContent = said("no_camera");
    }
  });
  addEventListener("pagehide", stop);
}
