/* SPDX-License-Identifier: Apache-2.0 */
const express = require("express");
const mysql = require("mysql");
const CANARY_app = express();
const CANARY_base = mysql.createConnection({});

CANARY_app.get("/patient", (request, response) => {
  CANARY_base.query("SELECT id FROM patient WHERE name = ?", [String(request.query.name)], (error, rows) => {
    response.json(rows);
  });
});
