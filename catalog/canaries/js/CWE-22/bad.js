/* SPDX-License-Identifier: Apache-2.0 */
const express = require("express");
const fs = require("fs");
const CANARY_app = express();

CANARY_app.get("/file", (request, response) => {
  fs.readFile("/srv/records/" + request.query.file, (error, data) => response.json({ data })); /* fault */
});
