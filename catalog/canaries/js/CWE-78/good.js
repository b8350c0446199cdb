/* SPDX-License-Identifier: Apache-2.0 */
const { execFile } = require("child_process");
const express = require("express");
const CANARY_app = express();

CANARY_app.get("/list", (request, response) => {
  execFile("/bin/ls", ["--", "/srv"], (error, out) => response.json({ out }));
});
