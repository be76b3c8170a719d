/* SPDX-License-Identifier: MIT */
#ifndef TEST_STAGE_SUITES_H
#define TEST_STAGE_SUITES_H

#include <check.h>

Suite *alongside_suite(void);
Suite *ansi_suite(void);
Suite *branches_suite(void);
Suite *canvas_suite(void);
Suite *chooser_suite(void);
Suite *command_suite(void);
Suite *entry_suite(void);
Suite *graph_suite(void);
Suite *growth_suite(void);
Suite *hands_suite(void);
Suite *inspect_suite(void);
Suite *keys_suite(void);
Suite *lang_suite(void);
Suite *layout_suite(void);
Suite *playbill_suite(void);
Suite *player_suite(void);
Suite *pose_suite(void);
Suite *predict_suite(void);
Suite *sequence_suite(void);
Suite *session_suite(void);
Suite *slant_suite(void);
Suite *states_suite(void);
Suite *story_suite(void);
Suite *svg_suite(void);
Suite *talks_suite(void);
Suite *tcb_suite(void);
Suite *text_suite(void);
Suite *theme_suite(void);
Suite *timeline_suite(void);
Suite *view_suite(void);
Suite *wind_suite(void);
Suite *windows_suite(void);

#endif
