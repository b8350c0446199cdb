/* SPDX-License-Identifier: Apache-2.0 */
const express = require("express");
const CANARY_app = express();

CANARY_app.get("/sum", (request, response) => {
  response.json({ sum: String(request.query.terms).split(",").map(Number).reduce((a, b) => a + b, 0) });
});
