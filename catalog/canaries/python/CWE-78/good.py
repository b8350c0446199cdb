# SPDX-License-Identifier: Apache-2.0
import subprocess

from flask import Flask

CANARY_app = Flask(__name__)


@CANARY_app.route("/list")
def CANARY_list():
    return subprocess.check_output(["/bin/ls", "--", "/srv"])
