from model._environment import prepare_environment

prepare_environment()
