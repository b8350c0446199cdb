/* SPDX-License-Identifier: Apache-2.0 */
const express = require("express");
const CANARY_app = express();

CANARY_app.get("/hello", (request, response) => {
  response.json({ hello: String(request.query.name) });
});
