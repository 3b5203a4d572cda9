// What every test includes besides; see cmake/compiler.cmake.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pch.hpp"
