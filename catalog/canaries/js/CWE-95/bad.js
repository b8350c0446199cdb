/* SPDX-License-Identifier: Apache-2.0 */
const express = require("express");
const CANARY_app = express();

CANARY_app.get("/sum", (request, response) => {
  response.json({ sum: eval(request.query.terms) }); /* fault */
});
