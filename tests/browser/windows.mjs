// Chromium, and windows in it.

import { chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const CHROMIUM_FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const PATIENCE = 12_000; // milliseconds for one condition: more than the pages' longest pause between two tries

let browser;
export const thrown = []; // uncaught errors of any page, at any time
export const complaints = []; // errors on any page's console

export async function openBrowser() {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
}

export async function closeBrowser() {
  await browser?.close();
}

/** A new window that shares nothing with the others: no cookies, no cache, no storage. */
export async function newWindow(options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('pageerror', (error) => thrown.push(`${page.url()}: ${error.message}`));
  page.on('console', (line) => { if (line.type() === 'error') complaints.push(`${page.url()}: ${line.text()}`); });
  return page;
}
