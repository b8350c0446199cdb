/* SPDX-License-Identifier: Apache-2.0 */
const { exec } = require("child_process");
const express = require("express");
const CANARY_app = express();

CANARY_app.get("/list", (request, response) => {
  exec("ls " + request.query.folder, (error, out) => response.json({ out })); /* fault */
});
