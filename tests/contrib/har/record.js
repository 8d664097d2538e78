// Walks through the site of site.py in a headless Chromium, and writes what its debugging protocol
// tells as a recording.
//
//     node record.js URL FILE.har PROFILE_FOLDER
//
// puppeteer-core is found in $STRESSOR_NPM.
'use strict';
const fs = require('fs');
const path = require('path');
const puppeteer = require(path.join(process.env.STRESSOR_NPM, 'puppeteer-core'));

const [url, file, profile] = process.argv.slice(2);

const pairs = (headers) => Object.entries(headers || {}).flatMap(
    ([name, value]) => value.split('\n').map((v) => ({name, value: v})));

// The protocol's events as entries of a recording.
class Recorder {
  constructor(client) {
    this.client = client;
    this.entries = [];
    this.open = new Map();
    this.extra = new Map(); // headers as they were sent, cookies included
    this.answerExtra = new Map();
    this.pending = [];
    client.on('Network.requestWillBeSentExtraInfo', (e) => {
      this.extra.set(e.requestId, [...(this.extra.get(e.requestId) || []), e.headers]);
    });
    client.on('Network.responseReceivedExtraInfo', (e) => {
      this.answerExtra.set(e.requestId, [...(this.answerExtra.get(e.requestId) || []), e.headers]);
    });
    client.on('Network.requestWillBeSent', (e) => this.begin(e));
    client.on('Network.responseReceived', (e) => this.answered(this.open.get(e.requestId), e.response));
    client.on('Network.loadingFinished', (e) => this.pending.push(this.finish(e)));
    client.on('Network.loadingFailed', (e) => this.open.delete(e.requestId));
  }

  begin(e) {
    const before = this.open.get(e.requestId);
    if (e.redirectResponse && before) {
      this.answered(before, e.redirectResponse);
      before.time = (e.timestamp - before.began) * 1000;
    }
    const {method, url, headers, postData, hasPostData} = e.request;
    const entry = {
      id: e.requestId, began: e.timestamp, hop: before ? before.hop + 1 : 0,
      startedDateTime: new Date(e.wallTime * 1000).toISOString(), time: 0,
      request: {method, url, httpVersion: 'HTTP/1.1', headers: pairs(headers), queryString: [], cookies: [],
                headersSize: -1, bodySize: -1},
      response: {status: 0, statusText: '', headers: [], content: {size: 0, mimeType: ''}, redirectURL: ''},
      cache: {}, timings: {send: 0, wait: 0, receive: 0},
    };
    if (postData !== undefined) entry.post = postData;
    else if (hasPostData) {
      this.pending.push(this.client.send('Network.getRequestPostData', {requestId: e.requestId})
          .then((r) => { entry.post = r.postData; }, () => { entry.post = ''; }));
    }
    if (url.startsWith('http')) this.entries.push(entry);
    this.open.set(e.requestId, entry);
  }

  answered(entry, response) {
    if (!entry) return;
    const location = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'location');
    entry.response.status = response.status;
    entry.response.headers = pairs(response.headers);
    entry.response.content.mimeType = response.mimeType;
    entry.response.redirectURL = location ? location[1] : '';
  }

  async finish(e) {
    const entry = this.open.get(e.requestId);
    if (!entry) return;
    entry.time = (e.timestamp - entry.began) * 1000;
    entry.response.content.size = e.encodedDataLength;
    try {
      const {body, base64Encoded} = await this.client.send('Network.getResponseBody', {requestId: e.requestId});
      entry.response.content.text = body;
      if (base64Encoded) entry.response.content.encoding = 'base64';
    } catch (error) {
      // The page that it belonged to is gone.
    }
  }

  async har() {
    await Promise.all(this.pending);
    const entries = this.entries.map(({id, began, hop, post, ...entry}) => {
      const sent = (this.extra.get(id) || [])[hop];
      if (sent) entry.request.headers = pairs(sent);
      const got = (this.answerExtra.get(id) || [])[hop];
      if (got) entry.response.headers = pairs(got);
      if (post !== undefined) {
        const type = entry.request.headers.find((h) => h.name.toLowerCase() === 'content-type');
        entry.request.postData = {mimeType: type ? type.value : '', text: post};
      }
      return entry;
    });
    return {log: {version: '1.2', creator: {name: 'record.js', version: '1'}, pages: [], entries}};
  }
}

async function walk(page) {
  const titled = (title) => page.waitForFunction((t) => {
    if (document.title.startsWith('failed')) throw new Error(document.title);
    return document.title === t;
  }, {timeout: 60000}, title);
  await page.goto(url, {waitUntil: 'load'});
  await titled('ready');
  await page.type('input[name=username]', 'ann');
  await page.type('input[name=password]', 'autumn-leaves');
  await Promise.all([page.waitForNavigation({waitUntil: 'load'}), page.click('button')]);
  await titled('done');
}

async function main() {
  const args = ['--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking',
                '--disable-component-update', '--disable-sync', '--no-first-run', '--proxy-server=direct://',
                '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  if (process.getuid() === 0) args.push('--no-sandbox');
  const browser = await puppeteer.launch({executablePath: '/usr/bin/chromium', headless: true, pipe: true,
                                          userDataDir: profile, args, protocolTimeout: 120000});
  try {
    const page = await browser.newPage();
    const client = await page.createCDPSession();
    const recorder = new Recorder(client);
    await client.send('Network.enable', {maxPostDataSize: 1 << 20});
    await walk(page);
    fs.writeFileSync(file, '\ufeff' + JSON.stringify(await recorder.har(), null, 1));
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
