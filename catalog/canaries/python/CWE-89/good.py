# SPDX-License-Identifier: Apache-2.0
import sqlite3

from flask import Flask, request

CANARY_app = Flask(__name__)


@CANARY_app.route("/patient")
def CANARY_find():
    name = request.args["name"]
    base = sqlite3.connect("patients.db")
    rows = base.execute("SELECT id FROM patient WHERE name = ?", (name,))
    return str(rows.fetchone())
